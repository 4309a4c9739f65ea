"""Files of certificates: bytes → rows under a header → certificates, refused rows and a report, and back."""
