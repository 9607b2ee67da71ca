"""The protocol of a WeChat service account (微信服务号): signatures, encryption, messages, replies; pure functions."""
