"""Labellers."""
