//! The holder before a camera, the card in her hand: one picture, or the frames of a short film.

use super::canvas::{Canvas, Placement, Rgb, mix};
use super::card;
use super::mrz::Holder;
use super::person::{self, Pose};

/// What changes from frame to frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    sway: f32,
    turn: f32,
    eyes: f32,
    card: f32,
    grain: u32,
}

/// The moment of the single picture.
pub(crate) const STILL: Moment = Moment { sway: 0.0, turn: 0.08, eyes: 1.0, card: 1.0, grain: 0x51ec_1004 };

/// The film at `seconds`: the head turns to one side and back, the eyes blink once, the card comes up.
pub(crate) fn moment(seconds: f32) -> Moment {
    let blink = ((seconds - 1.5).abs() / 0.12).min(1.0);
    Moment {
        sway: (seconds * 2.1).sin() * 6.0,
        turn: (seconds * 2.1).sin() * 0.35,
        eyes: blink,
        card: (seconds / 1.2).min(1.0),
        // The grain of a film that is encoded costs bytes and shows nothing: none.
        grain: 0,
    }
}

/// One picture of the scene.
pub(crate) fn selfie(holder: &Holder, moment: Moment, size: (u16, u16)) -> Canvas {
    with_card(&card::front(holder), moment, size)
}

/// The same with a card drawn before, which saves its drawing for each frame.
pub(crate) fn with_card(card: &Canvas, moment: Moment, size: (u16, u16)) -> Canvas {
    let mut view = Canvas::new(size.0, size.1, [0, 0, 0]);
    room(&mut view);
    let scale = f32::from(size.1) / 720.0;
    person::draw(
        &mut view,
        Pose {
            x: (500.0 + moment.sway) * scale,
            y: 300.0 * scale,
            scale: 1.35 * scale,
            turn: moment.turn,
            eyes: moment.eyes,
            clothes: [120, 62, 70],
        },
    );
    hand(&mut view, card, moment, scale);
    if moment.grain != 0 {
        view.grain(5.0, moment.grain);
    }
    view
}

fn room(view: &mut Canvas) {
    view.gradient([206, 200, 188], [176, 168, 156]);
    let (w, h) = (f32::from(view.width), f32::from(view.height));
    // A window on the left and a shelf on the right, out of focus: soft, wide shapes.
    for (area, colour, soft) in [
        ([w * 0.04, h * 0.06, w * 0.21, h * 0.62], [232, 240, 246], 14.0),
        ([w * 0.80, h * 0.20, w * 0.99, h * 0.235], [138, 112, 88], 6.0),
        ([w * 0.83, h * 0.08, w * 0.86, h * 0.19], [120, 74, 70], 8.0),
        ([w * 0.87, h * 0.06, w * 0.90, h * 0.19], [70, 98, 112], 8.0),
        ([w * 0.91, h * 0.10, w * 0.94, h * 0.19], [158, 142, 92], 8.0),
    ] {
        blurred(view, area, colour, soft);
    }
}

fn blurred(view: &mut Canvas, area: [f32; 4], colour: Rgb, soft: f32) {
    let edge = super::canvas::rounded_box(area, soft);
    let wide = [area[0] - soft, area[1] - soft, area[2] + soft, area[3] + soft];
    view.fill(wide, |x, y| edge(x, y) - soft, |x, y| (colour, (0.5 - edge(x, y) / (2.0 * soft)).clamp(0.0, 1.0)));
}

fn hand(view: &mut Canvas, card: &Canvas, moment: Moment, scale: f32) {
    const SKIN: Rgb = [222, 178, 150];
    let rise = (1.0 - moment.card) * 420.0;
    let at = Placement { x: 930.0 * scale, y: (470.0 + rise) * scale, scale: 0.46 * scale, angle: -0.09 };
    let shade = mix(SKIN, [120, 70, 50], 0.35);
    let point = |dx: f32, dy: f32| (at.x + dx * scale, at.y + dy * scale);
    // Arm and palm behind the card, then the card, then the thumb over its edge.
    view.stroke(point(90.0, 520.0), point(60.0, 200.0), 130.0 * scale, [112, 56, 64]);
    view.stroke(point(60.0, 260.0), point(40.0, 110.0), 104.0 * scale, SKIN);
    view.stroke(point(90.0, 150.0), point(150.0, 40.0), 46.0 * scale, shade);
    view.place(card, at, 40.0);
    view.stroke(point(10.0, 190.0), point(-30.0, 112.0), 46.0 * scale, shade);
    view.stroke(point(10.0, 190.0), point(-32.0, 110.0), 40.0 * scale, SKIN);
    view.ellipse(at.x - 36.0 * scale, at.y + 102.0 * scale, 12.0 * scale, 14.0 * scale, [238, 206, 190]);
}
