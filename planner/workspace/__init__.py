"""Workspace 工作区: a folder of cases, scenarios and runs with an index; nothing in it is overwritten, every run can be made again."""
