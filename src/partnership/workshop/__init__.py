"""For those who maintain the notebooks."""
