//! A very small rasteriser: pixels, shapes given as signed distances, text, and a picture placed in another.
//!
//! A shape is a function that tells how far a point is from its edge (negative inside). Coverage follows from that
//! distance, so every edge comes out smooth without sampling a pixel more than once.

use super::font;

/// Red, green, blue.
pub(crate) type Rgb = [u8; 3];

/// A picture in memory, three bytes a pixel, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Canvas {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) pixels: Vec<u8>,
}

/// The corners of a rectangle: left, top, right, bottom.
pub(crate) type Area = [f32; 4];

/// Where a whole picture is put inside another: its centre, how large, and how far it is turned (radians).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) scale: f32,
    pub(crate) angle: f32,
}

impl Canvas {
    pub(crate) fn new(width: u16, height: u16, colour: Rgb) -> Self {
        let pixels = colour.iter().copied().cycle().take(usize::from(width) * usize::from(height) * 3).collect();
        Self { width, height, pixels }
    }

    /// Mixes `colour` into one pixel; a pixel outside the picture is left out.
    fn blend(&mut self, x: i32, y: i32, colour: Rgb, share: f32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        let width = usize::from(self.width);
        if x >= width || y >= usize::from(self.height) || share <= 0.0 {
            return;
        }
        let at = (y * width + x) * 3;
        for (old, new) in self.pixels[at..at + 3].iter_mut().zip(colour) {
            *old = to_byte(f32::from(*old) + (f32::from(new) - f32::from(*old)) * share.min(1.0));
        }
    }

    /// Fills what `distance` calls inside, within `area`, with the colour that `paint` gives for each point.
    pub(crate) fn fill(&mut self, area: Area, distance: impl Fn(f32, f32) -> f32, paint: impl Fn(f32, f32) -> (Rgb, f32)) {
        let left = floor(area[0] - 1.0).max(0);
        let top = floor(area[1] - 1.0).max(0);
        let right = floor(area[2] + 2.0).min(i32::from(self.width));
        let bottom = floor(area[3] + 2.0).min(i32::from(self.height));
        for y in top..bottom {
            for x in left..right {
                let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
                let cover = (0.5 - distance(px, py)).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let (colour, alpha) = paint(px, py);
                    self.blend(x, y, colour, cover * alpha);
                }
            }
        }
    }

    /// A rectangle with round corners.
    pub(crate) fn rounded(&mut self, area: Area, radius: f32, colour: Rgb) {
        self.fill(area, rounded_box(area, radius), |_, _| (colour, 1.0));
    }

    /// An ellipse around (`x`, `y`).
    pub(crate) fn ellipse(&mut self, x: f32, y: f32, rx: f32, ry: f32, colour: Rgb) {
        self.fill([x - rx, y - ry, x + rx, y + ry], ellipse(x, y, rx, ry), |_, _| (colour, 1.0));
    }

    /// A line with round ends.
    pub(crate) fn stroke(&mut self, from: (f32, f32), to: (f32, f32), width: f32, colour: Rgb) {
        let half = width / 2.0;
        let area = [from.0.min(to.0) - half, from.1.min(to.1) - half, from.0.max(to.0) + half, from.1.max(to.1) + half];
        self.fill(area, capsule(from, to, half), |_, _| (colour, 1.0));
    }

    /// A gradient from `top` to `bottom` over the whole picture.
    pub(crate) fn gradient(&mut self, top: Rgb, bottom: Rgb) {
        let height = f32::from(self.height);
        let area = [0.0, 0.0, f32::from(self.width), height];
        self.fill(area, |_, _| -1.0, |_, y| (mix(top, bottom, y / height), 1.0));
    }

    /// Text with its upper left corner at (`x`, `y`); `size` is the side of one dot of the font. Returns where it ends.
    pub(crate) fn text(&mut self, x: f32, y: f32, size: f32, colour: Rgb, text: &str) -> f32 {
        let step = size * font::ADVANCE;
        let mut left = x;
        for letter in text.chars() {
            let glyph = font::glyph(letter);
            let origin = left;
            let area = [origin - size, y - size, origin + size * 6.0, y + size * 8.0];
            self.fill(
                area,
                |px, py| {
                    // Between the centres of the dots the ink is interpolated, which rounds off the staircase.
                    let ink = font::ink(glyph, (px - origin) / size - 0.5, (py - y) / size - 0.5);
                    (0.42 - ink) * size
                },
                |_, _| (colour, 1.0),
            );
            left += step;
        }
        left
    }

    /// Puts `picture` into this one, turned and scaled, with nine samples a pixel.
    pub(crate) fn place(&mut self, picture: &Canvas, at: Placement, corner: f32) {
        let (w, h) = (f32::from(picture.width), f32::from(picture.height));
        let (sin, cos) = at.angle.sin_cos();
        let reach = (w.hypot(h) / 2.0) * at.scale;
        let frame = rounded_box([0.0, 0.0, w, h], corner);
        let back = |x: f32, y: f32| {
            let (dx, dy) = ((x - at.x) / at.scale, (y - at.y) / at.scale);
            (dx * cos + dy * sin + w / 2.0, dy * cos - dx * sin + h / 2.0)
        };
        self.fill(
            [at.x - reach, at.y - reach, at.x + reach, at.y + reach],
            |x, y| {
                let (u, v) = back(x, y);
                frame(u, v) * at.scale
            },
            |x, y| {
                let mut sum = [0.0_f32; 3];
                for sub in 0..9_u8 {
                    let (u, v) = back(x + (f32::from(sub % 3) - 1.0) / 3.0, y + (f32::from(sub / 3) - 1.0) / 3.0);
                    for (total, value) in sum.iter_mut().zip(picture.sample(u, v)) {
                        *total += f32::from(value) / 9.0;
                    }
                }
                (sum.map(to_byte), 1.0)
            },
        );
    }

    fn sample(&self, x: f32, y: f32) -> Rgb {
        let column = floor(x).clamp(0, i32::from(self.width) - 1);
        let row = floor(y).clamp(0, i32::from(self.height) - 1);
        let index = usize::try_from(row * i32::from(self.width) + column).unwrap_or(0) * 3;
        [self.pixels[index], self.pixels[index + 1], self.pixels[index + 2]]
    }

    /// Grain as a sensor gives it; the same seed gives the same grain, so the files can be made again byte for byte.
    pub(crate) fn grain(&mut self, strength: f32, seed: u32) {
        let mut state = seed | 1;
        for byte in &mut self.pixels {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let noise = ((state >> 8) & 0xff) as f32 / 127.5 - 1.0;
            *byte = to_byte(f32::from(*byte) + noise * strength);
        }
    }
}

fn floor(value: f32) -> i32 {
    value.floor() as i32
}

#[allow(clippy::cast_sign_loss, reason = "the value is clamped to the range of a byte")]
fn to_byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// The colour `share` of the way from `a` to `b`.
pub(crate) fn mix(a: Rgb, b: Rgb, share: f32) -> Rgb {
    let share = share.clamp(0.0, 1.0);
    let mut out = a;
    for (from, to) in out.iter_mut().zip(b) {
        *from = to_byte(f32::from(*from) + (f32::from(to) - f32::from(*from)) * share);
    }
    out
}

pub(crate) fn rounded_box(area: Area, radius: f32) -> impl Fn(f32, f32) -> f32 {
    let centre = (area[0].midpoint(area[2]), area[1].midpoint(area[3]));
    let half = ((area[2] - area[0]) / 2.0, (area[3] - area[1]) / 2.0);
    move |x, y| {
        let qx = (x - centre.0).abs() - half.0 + radius;
        let qy = (y - centre.1).abs() - half.1 + radius;
        qx.max(0.0).hypot(qy.max(0.0)) + qx.max(qy).min(0.0) - radius
    }
}

pub(crate) fn ellipse(cx: f32, cy: f32, rx: f32, ry: f32) -> impl Fn(f32, f32) -> f32 {
    move |x, y| (((x - cx) / rx).hypot((y - cy) / ry) - 1.0) * rx.min(ry)
}

pub(crate) fn capsule(from: (f32, f32), to: (f32, f32), radius: f32) -> impl Fn(f32, f32) -> f32 {
    move |x, y| {
        let (bx, by) = (to.0 - from.0, to.1 - from.1);
        let (px, py) = (x - from.0, y - from.1);
        let along = ((px * bx + py * by) / (bx * bx + by * by).max(1e-6)).clamp(0.0, 1.0);
        (px - bx * along).hypot(py - by * along) - radius
    }
}
