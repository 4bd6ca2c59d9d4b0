"""Exchange 交换: a factory in - workbooks, bills, meter and weather files - and a case out again without loss.

Everything here works from the data dictionary: a table or column that is added there is in the workbook without a line here.
"""
