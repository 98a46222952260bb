"""The agents: each owns the procedure of its steps, what is asked, checked and done next. A reasoner judges."""
