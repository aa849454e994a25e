"""Evidence: what sources state, and what stands for a year where they disagree.

This room reads and checks a folder of tables, knows of each figure its period and its
source, chooses one statement a period by the rule in `series`, and shows the package as
it was known on a day. It knows no country and no method, and may import
`partnership.checks` only.
"""
