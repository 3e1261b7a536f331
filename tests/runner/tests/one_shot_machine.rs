//! The machine of the One-Shot workflows against a service by chance: calls and answers are lost, and runs end anywhere and go on
//! from the state that was kept. Whatever happens: one request, one decision of the officer, each document there once, one
//! signature, the intent kept before each call that changes something.

use fastrand::Rng;
use serde_json::{Value, json};
use videoid::model::{Flow, OneShotDocument, Request, Status, UploadedDocuments, VideoIdHandle};
use videoid::workflow::one_shot::{DocumentState, OneShotAction, OneShotCall, OneShotEvent, OneShotGoal, OneShotMachine, OneShotSeen};
use videoid::{Error, ErrorCode};

/// What the service knows.
#[derive(Default)]
struct Service {
    status: Option<Status>,
    evidence: bool,
    video: bool,
    refused: bool,
    two_steps: bool,
    created: u32,
    evidences: u32,
    validations: u32,
    approvals: u32,
    refusals: u32,
    uploads: u32,
    /// Uid and file name of each document, under a number of its own.
    documents: Vec<(String, String)>,
    messages: u32,
    signatures: u32,
    deletions: u32,
}

impl Service {
    fn piece(&mut self) {
        self.status = Some(if self.evidence && self.video { Status::VideoReview } else { Status::VideoIncomplete });
    }

    fn seen(&self) -> OneShotEvent {
        let request: Request = serde_json::from_value(json!({
            "pk": 1, "status": self.status,
            "videoid_data": {
                "pk": 7, "status": if self.refused { "REFUSED" } else { "PENDING" },
                "data": {"images": if self.evidence { json!({"document_front": "xxxx"}) } else { json!({}) }},
            },
        }))
        .expect("the form of a request");
        OneShotEvent::Seen(OneShotSeen::from(&request))
    }

    /// Carries a call out and gives the event that its answer would be.
    fn call(&mut self, call: OneShotCall, sent: usize, rng: &mut Rng) -> OneShotEvent {
        match call {
            OneShotCall::Create => {
                self.created += 1;
                self.status = Some(Status::VideoPending);
                return OneShotEvent::Created(VideoIdHandle::of_request(1));
            }
            OneShotCall::Read(handle) => {
                assert_eq!(handle.request_pk.0, 1);
                return self.seen();
            }
            OneShotCall::UploadEvidence(_) => {
                self.evidence = true;
                self.evidences += 1;
                self.piece();
            }
            OneShotCall::UploadVideo(_) => {
                self.video = true;
                self.piece();
            }
            OneShotCall::Validate(_) => {
                self.validations += 1;
                self.status = Some(Status::Created);
            }
            OneShotCall::Approve(_) => {
                self.approvals += 1;
                let first = self.two_steps && self.status == Some(Status::VideoReview);
                self.status = Some(if first { Status::Created } else { Status::EnrollReady });
            }
            OneShotCall::Refuse(_) => {
                self.refusals += 1;
                self.refused = true;
            }
            OneShotCall::ListDocuments(_) => {
                let mut list = self.documents.clone();
                rng.shuffle(&mut list);
                let list = list.into_iter().map(|(uid, name)| document(json!({"uid": uid, "filename": name})));
                return OneShotEvent::Listed(list.collect());
            }
            OneShotCall::UploadDocuments(_) => {
                self.uploads += 1;
                let new: Vec<(String, String)> = (0..sent).map(|at| (format!("{:08x}", rng.u32(..)), name(at))).collect();
                self.documents.extend(new.clone());
                let taken: Vec<Value> = new.into_iter().map(|(uid, name)| json!({"uid": uid, "filename": name})).collect();
                let taken: UploadedDocuments = serde_json::from_value(json!({ "documents": taken })).expect("the form of an upload");
                return OneShotEvent::Uploaded(taken);
            }
            OneShotCall::Contract(_) => return OneShotEvent::Contract("the contract's digest".into()),
            OneShotCall::SendOtp(_) => self.messages += 1,
            OneShotCall::Sign(_) => {
                self.signatures += 1;
                self.status = Some(Status::Issued);
            }
            OneShotCall::Save(_, uid) => {
                let (_, name) = self.documents.iter().find(|(own, _)| own == uid.as_str()).expect("a document that is there");
                return OneShotEvent::Saved(uid, format!("signed {name}"));
            }
            OneShotCall::Delete(_) => {
                self.deletions += 1;
                self.documents.clear();
            }
            other => panic!("a call that the test does not know: {other:?}"),
        }
        OneShotEvent::Taken
    }
}

/// The names that the client gives the files of an upload.
fn name(at: usize) -> String {
    if at == 0 { "file.pdf".to_owned() } else { format!("file{}.pdf", at + 1) }
}

fn document(value: Value) -> OneShotDocument {
    serde_json::from_value(value).expect("the form of a document")
}

struct World {
    service: Service,
    kept: String,
    rng: Rng,
    flow: Flow,
}

impl World {
    fn machine(&self) -> OneShotMachine {
        OneShotMachine::from_json(&self.kept, &self.flow).expect("the state is read")
    }

    /// Only what is kept counts.
    fn change(&mut self, change: impl FnOnce(&mut OneShotMachine) -> Result<(), Error>) {
        let mut machine = self.machine();
        change(&mut machine).expect("it fits");
        self.kept = machine.to_json();
    }

    /// One run, which may end anywhere. Says whether it reached the goal.
    fn run(&mut self, goal: OneShotGoal) -> bool {
        let mut machine = self.machine();
        let mut persisted = false;
        let mut action = match machine.advance(OneShotEvent::Begin(goal)) {
            Ok(action) => action,
            Err(error) => {
                assert_eq!(error.code(), ErrorCode::Ambiguous, "{error}");
                // Whoever asked the registration authority knows.
                if self.service.created == 1 {
                    machine.adopt(VideoIdHandle::of_request(1)).expect("a request that was found");
                } else {
                    machine.create_anew().expect("a create call that got lost");
                }
                self.kept = machine.to_json();
                return false;
            }
        };
        for _ in 0..100 {
            // The program may end at any moment.
            if self.rng.u8(..14) == 0 {
                return false;
            }
            let event = match action {
                OneShotAction::Done => {
                    self.kept = machine.to_json();
                    return true;
                }
                OneShotAction::Persist => {
                    self.kept = machine.to_json();
                    persisted = true;
                    OneShotEvent::Persisted
                }
                OneShotAction::Wait => OneShotEvent::Waited,
                OneShotAction::Call(call) => {
                    assert!(persisted || !call.is_mutation(), "{call:?} without its intent kept");
                    persisted = false;
                    // The call may be lost on its way.
                    if self.rng.u8(..10) == 0 {
                        return false;
                    }
                    let event = self.service.call(call, machine.documents().len(), &mut self.rng);
                    // Or its answer.
                    if self.rng.u8(..8) == 0 {
                        return false;
                    }
                    event
                }
                other => panic!("an action that the test does not know: {other:?}"),
            };
            action = machine.advance(event).expect("the service does nothing unheard of");
        }
        panic!("the goal {goal:?} goes on for ever");
    }

    fn reach(&mut self, goal: OneShotGoal) {
        assert!((0..500).any(|_| self.run(goal)), "the goal {goal:?} was not reached");
    }
}

fn documents(count: usize) -> Vec<DocumentState> {
    (0..count).map(|at| DocumentState::new(format!("digest {at}"), None)).collect()
}

#[test]
fn nothing_is_done_twice_whatever_is_lost() {
    for seed in 0..3000 {
        let mut rng = Rng::with_seed(seed);
        let flow = if rng.bool() { Flow::ExternalVideoId } else { Flow::EidasVideoId };
        let service = Service { two_steps: rng.u8(..3) == 0, ..Service::default() };
        let kept = OneShotMachine::new(flow.clone(), rng.bool()).to_json();
        let mut world = World { service, kept, rng, flow };
        if world.flow == Flow::EidasVideoId {
            world.reach(OneShotGoal::Created);
            (world.service.evidence, world.service.video) = (true, true);
            world.service.piece();
        } else {
            world.reach(OneShotGoal::Review);
        }
        assert_eq!((world.service.created, world.service.status.clone()), (1, Some(Status::VideoReview)), "seed {seed}");
        assert!(world.service.evidences <= 1, "seed {seed}: what the service shows was sent again");
        if world.rng.u8(..4) == 0 {
            world.reach(OneShotGoal::Refused);
            assert_eq!((world.service.refusals, world.service.approvals), (1, 0), "seed {seed}");
            continue;
        }
        let validates = world.service.two_steps && world.rng.bool();
        if validates {
            world.reach(OneShotGoal::Validated);
        }
        for _ in 0..10 {
            if world.service.status == Some(Status::EnrollReady) {
                break;
            }
            world.reach(OneShotGoal::Approved);
        }
        let approvals = if world.service.two_steps && !validates { 2 } else { 1 };
        assert_eq!((world.service.validations, world.service.approvals), (u32::from(validates), approvals), "seed {seed}");

        let count = world.rng.usize(1..4);
        world.change(|machine| machine.bind_documents(documents(count)));
        // Whoever was told that an answer was lost may do something else first.
        while !world.run(OneShotGoal::Documents) {
            match world.rng.u8(..4) {
                0 => drop(world.run(OneShotGoal::Otp)),
                1 => drop(world.run(OneShotGoal::Contract)),
                2 => drop(world.run(OneShotGoal::Looked)),
                _ => {}
            }
        }
        assert_eq!(world.service.uploads, 1, "seed {seed}: documents were uploaded twice");
        let machine = world.machine();
        for (at, own) in machine.documents().iter().enumerate() {
            let uid = own.uid.as_ref().expect("it is uploaded").as_str();
            assert!(world.service.documents.contains(&(uid.to_owned(), name(at))), "seed {seed}: another document was taken for it");
        }
        world.reach(OneShotGoal::Contract);
        world.change(OneShotMachine::contract_was_shown);
        world.reach(OneShotGoal::Otp);
        world.reach(OneShotGoal::Signed);
        assert_eq!((world.service.signatures, world.service.status.clone()), (1, Some(Status::Issued)), "seed {seed}");
        world.reach(OneShotGoal::Saved);
        for (at, own) in world.machine().documents().iter().enumerate() {
            assert_eq!(own.signed_sha256, Some(format!("signed {}", name(at))), "seed {seed}");
        }
        assert_eq!(world.service.deletions, 0, "seed {seed}: deleted without being asked");
        world.reach(OneShotGoal::Deleted);
        assert!(world.service.documents.is_empty(), "seed {seed}");
    }
}

/// A machine that has sent two documents and never heard of them.
fn after_a_lost_upload() -> OneShotMachine {
    let mut machine = OneShotMachine::new(Flow::ExternalVideoId, false);
    machine.adopt(VideoIdHandle::of_request(1)).expect("no request yet");
    machine.bind_documents(documents(2)).expect("none yet");
    let service = Service { status: Some(Status::EnrollReady), ..Service::default() };
    for event in [OneShotEvent::Begin(OneShotGoal::Documents), service.seen(), OneShotEvent::Listed(Vec::new()), OneShotEvent::Persisted] {
        machine.advance(event).expect("it goes on");
    }
    let mut machine = OneShotMachine::from_json(&machine.to_json(), &Flow::ExternalVideoId).expect("a state");
    for event in [OneShotEvent::Begin(OneShotGoal::Documents), service.seen()] {
        machine.advance(event).expect("it goes on");
    }
    machine
}

#[test]
fn documents_that_arrived_are_told_apart_by_their_names_or_not_at_all() {
    let found = |names: [Option<&str>; 2]| {
        let mut machine = after_a_lost_upload();
        let list = names.iter().zip(["b", "a"]).map(|(name, uid)| document(json!({"uid": uid, "filename": name}))).collect();
        machine
            .advance(OneShotEvent::Listed(list))
            .map(|_| machine.documents().iter().filter_map(|own| own.uid.clone()).collect::<Vec<_>>())
    };
    assert_eq!(found([Some("file.pdf"), Some("file2.pdf")]).expect("both"), ["b".into(), "a".into()]);
    assert_eq!(found([Some("file2.pdf"), Some("file.pdf")]).expect("both"), ["a".into(), "b".into()]);
    for names in [[None, None], [Some("file.pdf"), Some("file.pdf")], [Some("file.pdf"), Some("other.pdf")]] {
        assert_eq!(found(names).expect_err("unclear").code(), ErrorCode::UnexpectedAnswer, "{names:?}");
    }
    let mut machine = after_a_lost_upload();
    let one = vec![document(json!({"uid": "a", "filename": "file.pdf"}))];
    assert_eq!(machine.advance(OneShotEvent::Listed(one)).expect_err("one of two").code(), ErrorCode::UnexpectedAnswer);
    // Nothing arrived: they are sent again.
    let mut machine = after_a_lost_upload();
    assert_eq!(machine.advance(OneShotEvent::Listed(Vec::new())).expect("it goes on"), OneShotAction::Persist);
}

#[test]
fn documents_that_were_taken_are_told_apart_by_their_names_or_looked_up() {
    let uploaded = |documents: Value| {
        let mut machine = after_a_lost_upload();
        machine.advance(OneShotEvent::Listed(Vec::new())).expect("they are sent again");
        machine.advance(OneShotEvent::Persisted).expect("the call");
        let taken: UploadedDocuments = serde_json::from_value(json!({ "documents": documents })).expect("the form of an upload");
        let action = machine.advance(OneShotEvent::Uploaded(taken)).expect("it goes on");
        (action, machine.documents().iter().filter_map(|own| own.uid.clone()).collect::<Vec<_>>())
    };
    let (_, uids) = uploaded(json!([{"uid": "b", "name": "file2"}, {"uid": "a", "name": "file"}]));
    assert_eq!(uids, ["a".into(), "b".into()]);
    let (_, uids) = uploaded(json!([{"uid": "b", "filename": "file2.pdf"}, {"uid": "a", "filename": "file.pdf"}]));
    assert_eq!(uids, ["a".into(), "b".into()]);
    for unclear in [json!([{"uid": "b"}, {"uid": "a"}]), json!([{"uid": "b", "name": "file"}, {"uid": "a", "name": "file"}])] {
        let (action, uids) = uploaded(unclear);
        assert!(matches!(action, OneShotAction::Call(OneShotCall::ListDocuments(_))), "{action:?}");
        assert!(uids.is_empty());
    }
}

/// A machine whose pieces were both taken, and what the service shows then.
fn after_both_pieces(status: Status) -> OneShotMachine {
    let mut machine = OneShotMachine::new(Flow::ExternalVideoId, false);
    machine.adopt(VideoIdHandle::of_request(1)).expect("no request yet");
    machine.bind("evidence".into(), Some("video".into())).expect("the first ones");
    let mut service = Service { status: Some(Status::VideoPending), ..Service::default() };
    machine.advance(OneShotEvent::Begin(OneShotGoal::Review)).expect("it goes on");
    for _ in 0..2 {
        machine.advance(service.seen()).expect("an upload");
        machine.advance(OneShotEvent::Persisted).expect("the call");
        machine.advance(OneShotEvent::Taken).expect("it goes on");
        machine.advance(OneShotEvent::Persisted).expect("a look");
    }
    service.status = Some(status);
    // VIDEOERROR is an error of the step; the status is kept all the same.
    let _ = machine.advance(service.seen());
    machine
}

#[test]
fn others_may_be_brought_once_the_service_is_stuck_and_what_it_shows_then_is_not_theirs() {
    let mut machine = after_both_pieces(Status::VideoIncomplete);
    let error = machine.bind("other".into(), Some("video".into())).expect_err("it may still move on");
    assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::FieldInvalid, "evidence"));
    machine.is_stuck();
    let mut machine = OneShotMachine::from_json(&machine.to_json(), &Flow::ExternalVideoId).expect("a state");
    machine.bind("other".into(), Some("video".into())).expect("others are taken");
    // The upload of the other evidence is lost; the service shows the old one.
    let shown = Service { status: Some(Status::VideoIncomplete), evidence: true, ..Service::default() };
    for event in [OneShotEvent::Begin(OneShotGoal::Review), shown.seen(), OneShotEvent::Persisted] {
        machine.advance(event).expect("it goes on");
    }
    let mut machine = OneShotMachine::from_json(&machine.to_json(), &Flow::ExternalVideoId).expect("a state");
    machine.advance(OneShotEvent::Begin(OneShotGoal::Review)).expect("a look");
    machine.advance(shown.seen()).expect("it goes on");
    let action = machine.advance(OneShotEvent::Persisted).expect("the call");
    assert!(matches!(action, OneShotAction::Call(OneShotCall::UploadEvidence(_))), "{action:?}");
}

#[test]
fn evidence_that_was_refused_may_be_mended_and_then_not() {
    let mut machine = OneShotMachine::new(Flow::ExternalVideoId, false);
    machine.adopt(VideoIdHandle::of_request(1)).expect("no request yet");
    machine.bind("evidence".into(), Some("video".into())).expect("the first ones");
    let service = Service { status: Some(Status::VideoPending), ..Service::default() };
    for event in [OneShotEvent::Begin(OneShotGoal::Review), service.seen(), OneShotEvent::Persisted, OneShotEvent::NotDone] {
        machine.advance(event).expect("it goes on");
    }
    machine.bind("mended".into(), Some("video".into())).expect("the service holds nothing");
    assert!(machine.bind("another".into(), Some("video".into())).is_err());
}

#[test]
fn a_signature_that_was_taken_is_waited_for_before_another_one() {
    let mut machine = after_a_lost_upload();
    machine
        .advance(OneShotEvent::Listed(vec![
            document(json!({"uid": "a", "filename": "file.pdf"})),
            document(json!({"uid": "b", "filename": "file2.pdf"})),
        ]))
        .expect("both");
    let service = Service { status: Some(Status::EnrollReady), ..Service::default() };
    for event in [
        OneShotEvent::Begin(OneShotGoal::Contract),
        service.seen(),
        OneShotEvent::Contract("digest".into()),
        OneShotEvent::Persisted,
        service.seen(),
    ] {
        machine.advance(event).expect("it goes on");
    }
    machine.contract_was_shown().expect("it was downloaded");
    for event in [OneShotEvent::Begin(OneShotGoal::Signed), service.seen(), OneShotEvent::Persisted, OneShotEvent::Taken] {
        machine.advance(event).expect("it goes on");
    }
    let mut machine = OneShotMachine::from_json(&machine.to_json(), &Flow::ExternalVideoId).expect("a state");
    machine.advance(OneShotEvent::Begin(OneShotGoal::Signed)).expect("a look");
    assert_eq!(machine.advance(service.seen()).expect("it waits"), OneShotAction::Wait);
    machine.sign_again();
    machine.advance(OneShotEvent::Begin(OneShotGoal::Signed)).expect("a look");
    assert_eq!(machine.advance(service.seen()).expect("its intent first"), OneShotAction::Persist);
}

#[test]
fn what_is_issued_is_not_cancelled() {
    for (status, cancelled) in [(Status::Issued, false), (Status::Renewed, false), (Status::EnrollReady, true)] {
        let mut machine = OneShotMachine::new(Flow::EidasVideoId, false);
        machine.adopt(VideoIdHandle::of_request(1)).expect("no request yet");
        machine.advance(OneShotEvent::Begin(OneShotGoal::Cancelled)).expect("a look");
        let service = Service { status: Some(status), ..Service::default() };
        assert_eq!(machine.advance(service.seen()).is_ok(), cancelled);
    }
}

#[test]
fn the_state_says_nothing_but_ids_steps_and_digests() {
    let state: Value = serde_json::from_str(&after_a_lost_upload().to_json()).expect("JSON");
    let known = [
        "format",
        "one_shot_flow",
        "handle",
        "status",
        "videoid_status",
        "video_first",
        "evidence_uploaded",
        "video_uploaded",
        "evidence_sha256",
        "video_sha256",
        "documents",
        "before",
        "contract_sha256",
        "contract_shown",
        "otp_sent",
        "deleted",
        "gone",
        "documents_open",
        "replaced",
        "stuck",
        "sign_taken",
        "intent",
    ];
    for key in state.as_object().expect("an object").keys() {
        assert!(known.contains(&key.as_str()), "{key} is new in the state: is it personal?");
    }
}
