"""Forms made from the catalogue: shapes of answers, and what is wrong with them."""
