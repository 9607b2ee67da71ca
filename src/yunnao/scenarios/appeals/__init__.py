"""诉速办 / 市民一家亲: citizens' appeals, from every channel to an answer that the citizen confirms."""
