"""The workshop: for those who maintain the notebooks.

This room reads notebooks, holds the numbers of their prose, titles and alt texts
against values, keeps the rules that all of them follow, reruns them in place, makes the
students' copies and the generated parts of files, and checks a student's answers. It
draws nothing and judges nothing, and may import `evidence` and `checks` only.
"""
