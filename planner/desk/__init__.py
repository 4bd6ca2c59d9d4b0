"""Desk 工作台: everything behind the pages that is no page - levers, choices and their links, jobs, what changed. No Streamlit."""
