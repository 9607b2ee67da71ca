"""惠企政策免申即享: enterprises that are owed something by a published policy, found from registers."""
