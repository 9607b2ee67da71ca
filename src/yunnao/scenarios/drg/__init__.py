"""DRG 点数付费: stays are grouped and priced in points, budgets are settled over hospitals, and every fen can be explained."""
