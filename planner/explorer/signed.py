"""Signed in 登录: who a visitor is, where whoever runs the server asked for it; Streamlit's own OIDC does the work.

Signing in is on when the secrets hold an ``[auth]`` section (see README), else off and never asked for.
"""

import streamlit as st

from planner.explorer.text import plain
from planner.language import say


def wanted() -> bool:
    """Whether visitors must sign in."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def identity() -> str:
    """The identity a visitor signed in with - who vouches for it, and for whom -, empty where nobody signs in."""
    if not wanted() or not st.user.get("is_logged_in"):
        return ""
    return f"{st.user.get('iss')} {st.user.get('sub')}"


def page(language: str) -> None:
    """What is shown before anything else: a button to sign in."""
    st.title(say("signed.title", language), anchor=False)
    st.markdown(say("signed.text", language))
    st.button(say("signed.in", language), type="primary", key="sign in", on_click=st.login)


def out(language: str) -> None:
    """Who is signed in, and a way out; nothing where nobody signs in."""
    if identity():
        st.caption(plain(say("signed.as", language, name=st.user.get("email") or st.user.get("name") or "")))
        st.button(say("signed.out", language), key="sign out", on_click=st.logout)
