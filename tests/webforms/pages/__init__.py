"""Page objects of the Web Forms bench, as a technician fits the robot to such a portal: with the
declarations of `pages.core` and nothing else."""
