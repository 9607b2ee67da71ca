"""The service under load: sustained intake, and WeChat's five seconds."""
