"""The doors that people use: HTML pages and the forms on them, one module per noun."""
