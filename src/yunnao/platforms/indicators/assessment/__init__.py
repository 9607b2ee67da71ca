"""考核: weighted indicators, scored and ranked over units; what is assessed is data, what is computed is exact."""
