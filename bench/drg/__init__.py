"""The grouper over a million stays, as whole commands."""
