"""A plan followed through the year: reviewed rows and commitments into a home, officers' sheets, owners, and what a track shows."""
