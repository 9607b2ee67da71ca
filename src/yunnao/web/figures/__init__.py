"""Hot topics and measures for the desk's pages: computed in a process of their own, kept in the home, shown with their time."""
