"""Running a plan: tasks on threads, in processes or on a cluster; interrupted and resumed at will."""
