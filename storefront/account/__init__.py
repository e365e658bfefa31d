"""Pages about oneself: profile, addresses, language, tokens, sessions, notifications, and the frame around allauth's pages."""
