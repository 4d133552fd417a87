"""How far annotators of the same articles say the same: alpha, unitised alpha, F1, tables of confusion."""
