//! What a signature shows on the page: lines of text beside a picture.

use super::object::{Dict, Object};

/// A rectangle in points from the page's bottom left corner: two corners.
pub(crate) type Rectangle = [f64; 4];

/// A picture without alpha, and its alpha.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<u8>,
    pub(crate) alpha: Option<Vec<u8>>,
}

/// More pixels than a signature needs.
const MAX_PIXELS: u64 = 16_000_000;

impl Picture {
    /// Reads a PNG.
    pub(crate) fn png(bytes: &[u8]) -> Result<Self, &'static str> {
        const WRONG: &str = "the PNG image is damaged";
        let mut decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), png::Limits { bytes: 128 * 1024 * 1024 });
        decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().map_err(|_| WRONG)?;
        let (width, height) = reader.info().size();
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err("the PNG image is too large");
        }
        let mut pixels = vec![0; reader.output_buffer_size().ok_or(WRONG)?];
        let frame = reader.next_frame(&mut pixels).map_err(|_| WRONG)?;
        pixels.truncate(frame.buffer_size());
        let (rgb, alpha): (Vec<u8>, Vec<u8>) = match frame.color_type {
            png::ColorType::Rgba => {
                let rgb = pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
                (rgb, pixels.chunks_exact(4).map(|pixel| pixel[3]).collect())
            }
            png::ColorType::GrayscaleAlpha => {
                let rgb = pixels.chunks_exact(2).flat_map(|pixel| [pixel[0]; 3]).collect();
                (rgb, pixels.chunks_exact(2).map(|pixel| pixel[1]).collect())
            }
            _ => return Err(WRONG),
        };
        let alpha = alpha.iter().any(|alpha| *alpha != 255).then_some(alpha);
        Ok(Self { width: frame.width, height: frame.height, rgb, alpha })
    }
}

/// Where and how a signature is seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stamp {
    pub(crate) page: usize,
    /// None: the signature is not seen.
    pub(crate) position: Option<Rectangle>,
    pub(crate) lines: Vec<String>,
    pub(crate) picture: Option<Picture>,
}

/// A stream object: dictionary and content.
pub(crate) struct Stream(pub(crate) Dict, pub(crate) Vec<u8>);

fn packed(mut dict: Dict, content: &[u8]) -> Stream {
    let content = miniz_oxide::deflate::compress_to_vec_zlib(content, 6);
    dict.set("Filter", Object::name("FlateDecode"));
    Stream(dict, content)
}

fn image(picture: &Picture, space: &str, content: &[u8]) -> Stream {
    let mut dict = Dict::default();
    dict.set("Type", Object::name("XObject"));
    dict.set("Subtype", Object::name("Image"));
    dict.set("Width", Object::Int(picture.width.into()));
    dict.set("Height", Object::Int(picture.height.into()));
    dict.set("ColorSpace", Object::name(space));
    dict.set("BitsPerComponent", Object::Int(8));
    packed(dict, content)
}

/// The appearance and what it needs, numbered from `first` on: the appearance comes first.
pub(crate) fn appearance(stamp: &Stamp, position: Rectangle, first: u32) -> Vec<Stream> {
    let (width, height) = (position[2] - position[0], position[3] - position[1]);
    let mut content = format!("q 0.5 w 0.4 G 0.25 0.25 {:.2} {:.2} re S Q\n", width - 0.5, height - 0.5);
    let mut resources = Dict::default();
    let mut objects = Vec::new();
    let mut left = 4.0;
    if let Some(picture) = &stamp.picture {
        // All of the rectangle, or its left half where there is text too.
        let room = (if stamp.lines.is_empty() { width } else { width / 2.0 } - 4.0, height - 4.0);
        let scale = (room.0 / f64::from(picture.width)).min(room.1 / f64::from(picture.height)).max(0.0);
        let (wide, high) = (f64::from(picture.width) * scale, f64::from(picture.height) * scale);
        content.extend([format!("q {wide:.3} 0 0 {high:.3} 2 {:.3} cm /Im0 Do Q\n", (height - high) / 2.0)]);
        left = width / 2.0 + 2.0;
        let mut colours = image(picture, "DeviceRGB", &picture.rgb);
        if let Some(alpha) = &picture.alpha {
            colours.0.set("SMask", Object::Reference(first + 2, 0));
            objects.push(colours);
            objects.push(image(picture, "DeviceGray", alpha));
        } else {
            objects.push(colours);
        }
        let mut images = Dict::default();
        images.set("Im0", Object::Reference(first + 1, 0));
        resources.set("XObject", Object::Dict(images));
    }
    if !stamp.lines.is_empty() {
        let longest = stamp.lines.iter().map(|line| line.chars().count()).max().unwrap_or(1).max(1);
        let by_height = (height - 4.0) / (stamp.lines.len() as f64 * 1.2);
        // Helvetica's letters are half as wide as high, or a little more.
        let by_width = (width - left - 4.0) / (longest as f64 * 0.56);
        let size = by_height.min(by_width).clamp(1.0, 14.0);
        content.extend([format!("BT /F0 {size:.2} Tf {:.2} TL {left:.2} {:.2} Td\n", size * 1.2, height - 2.0 - size)]);
        for line in &stamp.lines {
            let mut text = Vec::new();
            Object::Text(latin(line)).write(&mut text);
            content.push_str(&String::from_utf8_lossy(&text));
            content.push_str(" Tj T*\n");
        }
        content.push_str("ET\n");
        let mut font = Dict::default();
        for (key, value) in [("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Helvetica"), ("Encoding", "WinAnsiEncoding")] {
            font.set(key, Object::name(value));
        }
        let mut fonts = Dict::default();
        fonts.set("F0", Object::Dict(font));
        resources.set("Font", Object::Dict(fonts));
    }
    let mut form = Dict::default();
    form.set("Type", Object::name("XObject"));
    form.set("Subtype", Object::name("Form"));
    let box_ = [0.0, 0.0, width, height].map(|edge| Object::Real(format!("{edge:.2}")));
    form.set("BBox", Object::Array(box_.to_vec()));
    form.set("Resources", Object::Dict(resources));
    objects.insert(0, packed(form, content.as_bytes()));
    objects
}

/// WinAnsi agrees with Latin-1 in the letters; what it has not is a question mark.
fn latin(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| match u32::from(character) {
            code @ (32..=126 | 160..=255) => code as u8,
            _ => b'?',
        })
        .collect()
}
