//! A person who is nobody: a face made of ellipses, the same on the card, on the portrait and before the camera.

use super::canvas::{Canvas, Rgb, ellipse, mix};

const SKIN: Rgb = [226, 184, 156];
const SKIN_SHADE: Rgb = [193, 144, 116];
const HAIR: Rgb = [84, 52, 34];
const HAIR_LIGHT: Rgb = [122, 78, 50];
const LIP: Rgb = [181, 84, 82];

/// How the person is seen: the middle of the face, the size (1 is a face 200 wide), the turn of the head in
/// parts of the face's width, and how far the eyes are open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pose {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) scale: f32,
    pub(crate) turn: f32,
    pub(crate) eyes: f32,
    pub(crate) clothes: Rgb,
}

/// Draws head and shoulders.
pub(crate) fn draw(canvas: &mut Canvas, pose: Pose) {
    let Pose { x, y, scale: s, .. } = pose;
    let shift = pose.turn * 40.0 * s;

    // Hair behind, then shoulders over it.
    shaded(canvas, (x, y - 8.0 * s), (128.0 * s, 150.0 * s), HAIR_LIGHT, HAIR);
    canvas.rounded([x - 122.0 * s, y, x + 122.0 * s, y + 190.0 * s], 50.0 * s, HAIR);
    let floor = f32::from(canvas.height) + 10.0;
    canvas.rounded([x - 48.0 * s, y + 80.0 * s, x + 48.0 * s, y + 196.0 * s], 30.0 * s, SKIN_SHADE);
    let dark = mix(pose.clothes, [0, 0, 0], 0.35);
    let shoulders = [x - 215.0 * s, y + 178.0 * s, x + 215.0 * s, floor + 200.0 * s];
    let clothes = pose.clothes;
    canvas.fill(shoulders, super::canvas::rounded_box(shoulders, 120.0 * s), move |px, _| {
        (mix(clothes, dark, (px - x).abs() / (215.0 * s)), 1.0)
    });
    shaded(canvas, (x, y + 178.0 * s), (56.0 * s, 24.0 * s), SKIN, SKIN_SHADE);
    face(canvas, pose, shift);
    fringe(canvas, pose, shift);
}

fn face(canvas: &mut Canvas, pose: Pose, shift: f32) {
    let Pose { x, y, scale: s, .. } = pose;
    for side in [-1.0_f32, 1.0] {
        shaded(canvas, (x + side * 98.0 * s - shift * 0.3, y + 6.0 * s), (16.0 * s, 28.0 * s), SKIN, SKIN_SHADE);
    }
    shaded(canvas, (x, y), (100.0 * s, 132.0 * s), SKIN, SKIN_SHADE);

    let middle = x + shift;
    for side in [-1.0_f32, 1.0] {
        let eye = (middle + side * 40.0 * s, y - 14.0 * s);
        canvas.ellipse(eye.0, eye.1 + 4.0 * s, 25.0 * s, 17.0 * s, mix(SKIN, SKIN_SHADE, 0.6));
        let open = (12.0 * pose.eyes).max(1.5) * s;
        canvas.ellipse(eye.0, eye.1, 20.0 * s, open, [246, 244, 240]);
        let white = ellipse(eye.0, eye.1, 20.0 * s, open);
        let (ix, iy) = (eye.0 + shift * 0.12, eye.1);
        for (radius, colour) in [(11.0, [86, 110, 84]), (8.8, [120, 148, 108]), (5.0, [20, 18, 18])] {
            let disc = ellipse(ix, iy, radius * s, radius * s);
            canvas.fill(
                [ix - radius * s, iy - radius * s, ix + radius * s, iy + radius * s],
                |px, py| disc(px, py).max(white(px, py)),
                |_, _| (colour, 1.0),
            );
        }
        if pose.eyes > 0.5 {
            canvas.ellipse(ix + 3.5 * s, iy - 4.0 * s, 2.6 * s, 2.6 * s, [255, 255, 255]);
        }
        // The lid, in two strokes, and the brow above it.
        let lid = eye.1 - open;
        canvas.stroke((eye.0 - 20.0 * s, eye.1 - 1.0 * s), (eye.0, lid), 4.0 * s, [60, 40, 32]);
        canvas.stroke((eye.0, lid), (eye.0 + 20.0 * s, eye.1 - 1.0 * s), 4.0 * s, [60, 40, 32]);
        canvas.stroke((eye.0 - side * 24.0 * s, eye.1 - 35.0 * s), (eye.0 + side * 10.0 * s, eye.1 - 38.0 * s), 8.0 * s, HAIR);
        canvas.stroke((eye.0 + side * 10.0 * s, eye.1 - 38.0 * s), (eye.0 + side * 26.0 * s, eye.1 - 28.0 * s), 6.0 * s, HAIR);
    }

    let bridge = middle + shift * 0.4;
    canvas.stroke((bridge + 8.0 * s, y - 4.0 * s), (bridge + 14.0 * s, y + 34.0 * s), 5.0 * s, mix(SKIN, SKIN_SHADE, 0.7));
    canvas.stroke((bridge - 14.0 * s, y + 42.0 * s), (bridge + 14.0 * s, y + 42.0 * s), 6.0 * s, SKIN_SHADE);
    canvas.ellipse(bridge - 9.0 * s, y + 42.0 * s, 4.0 * s, 3.0 * s, [140, 92, 74]);
    canvas.ellipse(bridge + 9.0 * s, y + 42.0 * s, 4.0 * s, 3.0 * s, [140, 92, 74]);

    let mouth = y + 76.0 * s;
    canvas.ellipse(middle, mouth + 3.0 * s, 32.0 * s, 11.0 * s, LIP);
    canvas.stroke((middle - 32.0 * s, mouth), (middle, mouth + 3.0 * s), 4.0 * s, [128, 52, 54]);
    canvas.stroke((middle, mouth + 3.0 * s), (middle + 32.0 * s, mouth), 4.0 * s, [128, 52, 54]);
    canvas.ellipse(middle, mouth + 8.0 * s, 12.0 * s, 3.0 * s, [206, 122, 118]);
}

fn fringe(canvas: &mut Canvas, pose: Pose, shift: f32) {
    let Pose { x, y, scale: s, .. } = pose;
    let skull = ellipse(x, y - 14.0 * s, 112.0 * s, 138.0 * s);
    let brow = ellipse(x + 30.0 * s + shift, y + 40.0 * s, 116.0 * s, 128.0 * s);
    let area = [x - 114.0 * s, y - 154.0 * s, x + 114.0 * s, y + 30.0 * s];
    canvas.fill(
        area,
        |px, py| skull(px, py).max(-brow(px, py)).max(py - (y + 20.0 * s)),
        |px, py| {
            // Strands: a fine ripple across the direction of the hair.
            let strand = ((px - x) * 0.5 / s + (py - y) * 0.12 / s).sin() * 0.5 + 0.5;
            (mix(HAIR, HAIR_LIGHT, strand * 0.6), 1.0)
        },
    );
}

/// An ellipse that gets darker to its lower right, as under a lamp on the left.
fn shaded(canvas: &mut Canvas, at: (f32, f32), radius: (f32, f32), light: Rgb, dark: Rgb) {
    canvas.fill([at.0 - radius.0, at.1 - radius.1, at.0 + radius.0, at.1 + radius.1], ellipse(at.0, at.1, radius.0, radius.1), |px, py| {
        let turn = ((px - at.0) / radius.0) * 0.5 + ((py - at.1) / radius.1) * 0.35;
        (mix(light, dark, (turn * turn.abs() + 0.05) * 1.4), 1.0)
    });
}
