"""The study: one pair and one report, and nothing general."""
