"""Stated figures and their sources: tables, periods, the rule, what was known when."""
