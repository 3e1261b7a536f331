//! The specimen's identity card, front and rear, of the state UTO (Utopia), which ICAO keeps for examples.

use super::canvas::{Canvas, Rgb, mix};
use super::mrz::{self, Holder};
use super::person::{self, Pose};

/// The card's size in pixels: the proportions of an ID-1 card.
pub(crate) const WIDTH: u16 = 1000;
pub(crate) const HEIGHT: u16 = 630;

const INK: Rgb = [28, 34, 52];
const LABEL: Rgb = [84, 98, 132];
const TITLE: Rgb = [36, 62, 122];

fn blank() -> Canvas {
    let mut card = Canvas::new(WIDTH, HEIGHT, [226, 234, 240]);
    card.gradient([226, 238, 244], [206, 220, 236]);
    // Fine waves like those printed under the text of a card: two families that cross.
    let area = [0.0, 0.0, f32::from(WIDTH), f32::from(HEIGHT)];
    for (wave, colour) in [(0.0_f32, [120, 158, 196]), (1.0, [196, 150, 160])] {
        for line in 0..40_u8 {
            let base = f32::from(line) * 16.5 - 10.0;
            card.fill(
                area,
                |x, y| {
                    let bend = ((x / 90.0) + wave * 2.1 + base / 70.0).sin() * 14.0 + ((x / 33.0) - wave).sin() * 5.0;
                    (y - base - bend).abs() - 0.5
                },
                |_, _| (colour, 0.45),
            );
        }
    }
    card
}

fn header(card: &mut Canvas, subtitle: &str) {
    card.rounded([0.0, 0.0, f32::from(WIDTH), 92.0], 0.0, TITLE);
    card.text(34.0, 18.0, 4.6, [240, 244, 250], "UTOPIA");
    card.text(34.0, 62.0, 2.4, [206, 216, 236], subtitle);
    card.ellipse(932.0, 46.0, 32.0, 32.0, [232, 196, 92]);
    card.ellipse(932.0, 46.0, 24.0, 24.0, TITLE);
    card.text(911.0, 35.0, 3.0, [240, 244, 250], "UTO");
}

fn field(card: &mut Canvas, x: f32, y: f32, label: &str, value: &str) {
    card.text(x, y, 2.0, LABEL, label);
    card.text(x, y + 20.0, 3.7, INK, value);
}

/// `YYMMDD` as it stands on a card. A year from 50 on is of the last century.
fn readable(date: &str) -> String {
    let century = if date.as_bytes().first().is_some_and(|tens| *tens >= b'5') { "19" } else { "20" };
    format!("{} {} {century}{}", &date[4..6], &date[2..4], &date[..2])
}

/// The side with the picture.
pub(crate) fn front(holder: &Holder) -> Canvas {
    let mut card = blank();
    header(&mut card, "IDENTITY CARD - SPECIMEN");
    let mut portrait = Canvas::new(280, 360, [222, 226, 230]);
    portrait.gradient([232, 234, 236], [204, 208, 214]);
    person::draw(&mut portrait, PORTRAIT);
    card.rounded([36.0, 122.0, 324.0, 490.0], 10.0, [150, 164, 190]);
    card.place(&portrait, super::canvas::Placement { x: 180.0, y: 306.0, scale: 1.0, angle: 0.0 }, 8.0);
    field(&mut card, 360.0, 122.0, "SURNAME", holder.surname);
    field(&mut card, 360.0, 190.0, "GIVEN NAMES", holder.given);
    field(&mut card, 360.0, 258.0, "NATIONALITY", holder.state);
    field(&mut card, 680.0, 258.0, "SEX", &holder.sex.to_string());
    field(&mut card, 360.0, 326.0, "DATE OF BIRTH", &readable(holder.birth));
    field(&mut card, 680.0, 326.0, "EXPIRES", &readable(holder.expiry));
    field(&mut card, 360.0, 394.0, "DOCUMENT NUMBER", holder.number);
    signature(&mut card);
    card.text(36.0, 530.0, 6.4, mix(TITLE, [206, 220, 236], 0.45), "SPECIMEN");
    card.text(36.0, 598.0, 1.9, LABEL, "DRAWN BY A PROGRAM. NO SUCH STATE, NO SUCH PERSON, NO SUCH CARD.");
    card
}

/// The picture on the card and the one handed over as "photo".
const PORTRAIT: Pose = Pose { x: 140.0, y: 158.0, scale: 0.92, turn: 0.0, eyes: 1.0, clothes: [58, 84, 122] };

/// A larger print of the portrait.
pub(crate) fn photo() -> Canvas {
    let mut portrait = Canvas::new(720, 900, [222, 226, 230]);
    portrait.gradient([234, 236, 238], [200, 205, 212]);
    person::draw(&mut portrait, Pose { x: 360.0, y: 410.0, scale: 1.95, ..PORTRAIT });
    portrait.grain(6.0, 0x51ec_1003);
    portrait
}

fn signature(card: &mut Canvas) {
    card.text(560.0, 566.0, 1.9, LABEL, "SIGNATURE OF HOLDER");
    let mut last: Option<(f32, f32)> = None;
    for step in 0..170_u8 {
        let t = f32::from(step) / 169.0;
        let next = (580.0 + t * 300.0 + (t * 40.0).sin() * 12.0, 520.0 + (t * 31.0).cos() * 22.0 * (1.0 - t * 0.6) - t * 18.0);
        if let Some(before) = last {
            card.stroke(before, next, 2.6, [24, 32, 84]);
        }
        last = Some(next);
    }
}

/// The side with the machine readable zone.
pub(crate) fn rear(holder: &Holder) -> Canvas {
    let mut card = blank();
    header(&mut card, "IDENTITY CARD - REAR");
    field(&mut card, 320.0, 122.0, "PLACE OF BIRTH", "ZENITH, UTO");
    field(&mut card, 320.0, 190.0, "ISSUED BY", "MINISTRY OF EXAMPLES");
    field(&mut card, 320.0, 258.0, "ISSUED", "05 04 2021");
    chip(&mut card);
    card.text(320.0, 340.0, 3.4, mix(TITLE, [206, 220, 236], 0.35), "SPECIMEN - NOT A DOCUMENT");

    card.rounded([0.0, 410.0, f32::from(WIDTH), f32::from(HEIGHT)], 0.0, [246, 247, 248]);
    let pitch = (f32::from(WIDTH) - 90.0) / 30.0;
    for (row, line) in mrz::td1(holder).iter().enumerate() {
        // Thirty places of the same width, as the standard wants; letters are narrower than their place.
        for (place, letter) in line.chars().enumerate() {
            card.text(45.0 + place as f32 * pitch, 438.0 + row as f32 * 62.0, 4.3, [16, 16, 18], &letter.to_string());
        }
    }
    card.grain(5.0, 0x51ec_1002);
    card
}

fn chip(card: &mut Canvas) {
    card.rounded([60.0, 150.0, 250.0, 300.0], 22.0, [206, 170, 84]);
    card.rounded([66.0, 156.0, 244.0, 294.0], 18.0, [228, 198, 116]);
    for y in [200.0, 250.0] {
        card.stroke((66.0, y), (244.0, y), 3.0, [160, 126, 56]);
    }
    for x in [124.0, 186.0] {
        card.stroke((x, 156.0), (x, 294.0), 3.0, [160, 126, 56]);
    }
    card.rounded([112.0, 186.0, 198.0, 264.0], 14.0, [206, 170, 84]);
}
