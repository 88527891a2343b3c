#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| image_sources_fuzz::refusal::look(data));
