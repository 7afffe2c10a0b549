"""Running a plan: tasks on threads, processes or a cluster, deaths survived, interrupted and resumed at will."""
