"""The page: a gallery of scenarios and live worlds in the browser. No numerics here."""
