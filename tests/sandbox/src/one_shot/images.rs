//! Signature images: PNG alone.

use serde_json::{Value, json};

use super::Call;
use super::answer::{Answer, Dialect, Failure, Success};
use super::forms::Form;
use super::pdf::stamp::Picture;
use super::state::{plain, uid};
use crate::app::App;
use crate::reply::{Part, Reply};

pub(super) fn upload(app: &App, _call: &Call<'_>, form: Form) -> Answer {
    let result = take(app, &form);
    if result.is_err() {
        form.discard(app);
    }
    result
}

fn take(app: &App, form: &Form) -> Answer {
    let unsupported = || Failure::new(415, "Unsupported image type: PNG is expected");
    let wanted = app.world().state.settings.one_shot.image_part.clone();
    let Some(file) = form.files.iter().find(|file| file.name == wanted) else { return Err(Failure::missing(&wanted, "No image provided")) };
    if form.too_large {
        return Err(Failure::new(413, "The image is too large"));
    }
    let bytes = super::documents::content(app, &file.blob).ok_or_else(super::unprocessed)?;
    // It is drawn on the page later: now is the time to find out whether it can be.
    Picture::png(&bytes).map_err(|_| unsupported())?;
    for other in form.files.iter().filter(|other| !std::ptr::eq(*other, file)) {
        app.files.remove(&other.blob);
    }
    let id = crate::state::uuid();
    let mut world = app.world();
    world.state.one_shot.images.insert(id.clone(), file.blob.clone());
    app.save(&world);
    Ok(Success::Own {
        legacy: (200, json!(id)),
        current: json!({"status": "success", "message": "Image uploaded", "details": {"image_uid": uid(Dialect::Current, &id)}}),
    })
}

fn none() -> Failure {
    Failure::new(404, "Image not found")
}

pub(super) fn get(app: &App, id: &str) -> Answer {
    let world = app.world();
    let blob = world.state.one_shot.images.get(&plain(id)).ok_or_else(none)?;
    let file = app.files.read(blob).ok_or_else(none)?;
    Ok(Success::Raw(Reply::parts(200, "image/png", vec![Part::File(file, blob.bytes)])))
}

pub(super) fn list(app: &App, call: &Call<'_>) -> Success {
    let ids: Vec<Value> = app.world().state.one_shot.images.keys().map(|id| json!(uid(call.dialect, id))).collect();
    Success::Data(Value::Array(ids))
}

pub(super) fn delete(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let blob = world.state.one_shot.images.remove(&plain(id)).ok_or_else(none)?;
    app.files.remove(&blob);
    app.save(&world);
    Ok(Success::Text("Image deleted".to_owned()))
}

pub(super) fn delete_all(app: &App) -> Success {
    let mut world = app.world();
    for blob in std::mem::take(&mut world.state.one_shot.images).values() {
        app.files.remove(blob);
    }
    app.save(&world);
    Success::Text("Images deleted".to_owned())
}
