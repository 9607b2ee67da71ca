"""考核 (摘星夺旗): units are scored, placed and starred by published rules, with every number explained."""
