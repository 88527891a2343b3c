pub(crate) fn module(wasm: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in wasm.chunks(3) {
        let word = chunk.iter().chain(&[0, 0]).take(3).fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        for place in 0..4 {
            let digit = (word >> (18 - 6 * place)) & 63;
            text.push(if place <= chunk.len() { DIGITS.get(digit as usize).map_or('=', |digit| char::from(*digit)) } else { '=' });
        }
    }
    format!("export const bytes = () => Uint8Array.from(atob(\"{text}\"), (letter) => letter.charCodeAt(0));\n")
}
