"""Why 缘由: why a plan is as it is - what contradicts it, what its limits cost, what would change it, what is nearly as good."""
