"""A person records what a source says of a project, sees before what that does, withdraws and corrects."""
