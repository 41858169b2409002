"""What happens in a quarter: the state of a cluster, its mechanisms in their order, and the indicators they leave."""
