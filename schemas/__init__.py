"""Schemas: the truth about every record, its typed view, its Arrow form, and the checks across records."""
