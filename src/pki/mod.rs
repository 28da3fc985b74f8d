//! Public key infrastructure: certificates and certification paths, revocation, time stamps, signed data, and the DER
//! that they are written in.
//!
//! Both `sign` and `verify` use it. Nothing here reads a clock, a file or the network.

pub(crate) mod algorithm;
pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod cms;
pub(crate) mod ocsp;
pub(crate) mod reason;
pub(crate) mod revocation;
pub(crate) mod status;
mod time;
pub(crate) mod timestamp;
pub(crate) mod tlv;

pub use certificate::{Certificate, pem_blocks};
pub use reason::{CertificateError, CertificationPathError, CmsError, TimeStampError};
pub use time::Time;
