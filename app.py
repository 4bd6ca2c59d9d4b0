"""The explorer's entry: `planner explore`, or `streamlit run app.py`.

Everything stands behind the guard, imports too: a solver's own process reads this file again and must not draw pages.
"""

if __name__ == "__main__":
    import streamlit as st

    from planner.explorer import PAGES, state
    from planner.language import say

    language = state.language()
    st.set_page_config(page_title=say("app.title", language), layout="wide")
    pages = [
        st.Page(page, title=say(key, language), url_path=key.removeprefix("page."), default=n == 0) for n, (key, page) in enumerate(PAGES.items())
    ]
    st.navigation(pages, position="top").run()
