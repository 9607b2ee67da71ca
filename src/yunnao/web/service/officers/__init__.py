"""工作人员的页面: pages for officers under /desk, each behind a sign-in."""
