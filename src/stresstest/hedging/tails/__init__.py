"""Least expected shortfall, with proof: linear programs by cutting planes, any cvxpy problem by partition."""
