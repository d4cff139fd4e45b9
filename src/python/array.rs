//! Arrays at the border, crossing as buffers.
//!
//! The `numpy` crate would turn on `num-traits/std` for the whole build and with it the platform's
//! logarithms in every sampler; see Cargo.toml.

use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::PyByteArray;
#[cfg(feature = "introspect")]
use pyo3::{inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};

macro_rules! array {
    ($name:ident, $element:ty, $dtype:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone)]
        pub struct $name(pub Vec<$element>);

        impl<'py> FromPyObject<'_, 'py> for $name {
            type Error = PyErr;

            #[cfg(feature = "introspect")]
            const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
                type_hint_identifier!("numpy.typing", "NDArray"),
                type_hint_identifier!("numpy", $dtype)
            );

            fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
                let object = object.to_owned();
                PyBuffer::<$element>::get(&object)?
                    .to_vec(object.py())
                    .map(Self)
            }
        }

        impl<'py> IntoPyObject<'py> for $name {
            type Target = PyAny;
            type Output = Bound<'py, PyAny>;
            type Error = PyErr;

            #[cfg(feature = "introspect")]
            const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
                type_hint_identifier!("numpy.typing", "NDArray"),
                type_hint_identifier!("numpy", $dtype)
            );

            fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
                const WIDTH: usize = size_of::<$element>();
                let bytes = PyByteArray::new_with(py, self.0.len() * WIDTH, |bytes| {
                    for (bytes, value) in bytes.chunks_exact_mut(WIDTH).zip(&self.0) {
                        bytes.copy_from_slice(&value.to_ne_bytes());
                    }
                    Ok(())
                })?;
                py.import("numpy")?
                    .call_method1("frombuffer", (bytes, $dtype))
            }
        }
    };
}

array!(
    Floats,
    f64,
    "float64",
    "A one-dimensional `float64` array, copied."
);
array!(
    Integers,
    i64,
    "int64",
    "A one-dimensional `int64` array, copied."
);
