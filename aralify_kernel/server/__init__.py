"""The class server: sign-in, REST, and dashboards that only their owner can see. A face: it holds no rule."""
