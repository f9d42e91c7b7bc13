"""Coding: hands the codebook and people's readings to the machine, and its suggestions to people.

`book` is the codebook as a file and as the machine takes it; `machine` keeps the model of one
inquiry in memory; `order` says which story comes next. None of it knows a web page.
"""
