"""The pages of assessments, by the people who use them."""
