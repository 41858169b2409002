"""The forms in which offices hand out tables: text, workbooks, web pages, archives, data files, networks; each gives rows."""
