//! The machine of the eIDAS and the classic flow against a service by chance: answers are lost and runs end anywhere. Whatever
//! happens: one request, nothing validated by us, each document there once, the update and the approval sent once.

use std::collections::BTreeMap;

use fastrand::Rng;
use videoid::ErrorCode;
use videoid::model::{DocumentPk, Flow, RequestPk, Status, WayOn};
use videoid::workflow::{Action, CallKind, Event, Goal, Inputs, Machine, Rules, Seen, SeenDocument, WantedDocument};

/// What the service knows.
#[derive(Default)]
struct Service {
    card: u32,
    request: Option<(String, Status)>,
    refused: bool,
    created: u32,
    updates: u32,
    updated: bool,
    approved: u32,
    /// Key and content of each document.
    documents: BTreeMap<i64, (String, String)>,
    shows_content: bool,
    shows_update: bool,
    cancelled: u32,
}

/// The documents that the caller brings: two have the same kind.
fn wanted() -> Vec<WantedDocument> {
    let document = |name: &str, kind: &str| WantedDocument::new(name, Some(format!("content of {name}")), vec![kind.to_owned()]);
    vec![document("front", "document_front"), document("extra one", "extra_document"), document("extra two", "extra_document")]
}

impl Service {
    fn set(&mut self, status: Status) {
        if let Some(request) = &mut self.request {
            request.1 = status;
        }
    }

    fn status(&self) -> Option<&Status> {
        self.request.as_ref().map(|request| &request.1)
    }

    fn seen(&self) -> Seen {
        let (_, status) = self.request.as_ref().expect("it was created");
        let request: videoid::model::Request = serde_json::from_value(serde_json::json!({
            "pk": 1, "status": status,
            "videoid_data": {"pk": 7, "videoid_link": "https://example.com/1", "status": if self.refused { "REFUSED" } else { "PENDING" }},
        }))
        .expect("the form of a request");
        let mut seen = Seen::from(&request);
        seen.shows_update = self.updated && self.shows_update;
        seen
    }

    /// Carries a call out and gives the event that its answer would be.
    fn call(&mut self, call: CallKind, flow: &Flow) -> Event {
        match call {
            CallKind::TakeCard => Event::Card(self.card.to_string().into()),
            CallKind::Create(sn) => {
                if sn.as_str() != self.card.to_string() {
                    return Event::CardRefused;
                }
                self.card += 1;
                self.created += 1;
                self.documents.clear();
                self.request = Some((sn.0, if *flow == Flow::Classic { Status::Created } else { Status::VideoPending }));
                Event::Request(self.seen())
            }
            CallKind::FindByCard(sn) => match &self.request {
                Some((own, _)) if *own == sn.0 => Event::Request(self.seen()),
                _ => Event::NoRequest,
            },
            CallKind::Read(RequestPk(pk)) => {
                assert_eq!(pk, 1);
                Event::Request(self.seen())
            }
            CallKind::Update(_) => {
                self.updates += 1;
                self.updated = true;
                Event::Updated
            }
            CallKind::ListDocuments(_) => Event::Documents(
                self.documents
                    .iter()
                    .map(|(pk, (kind, content))| {
                        SeenDocument::new(DocumentPk(*pk), kind.clone(), Some(content.clone()).filter(|_| self.shows_content))
                    })
                    .collect(),
            ),
            CallKind::UploadDocument(_, at) => {
                let document = &wanted()[at];
                let pk = 100 + i64::try_from(self.documents.len()).expect("few");
                self.documents.insert(pk, (document.kinds[0].clone(), document.content_sha256.clone().expect("it can be read again")));
                Event::DocumentUploaded(DocumentPk(pk))
            }
            CallKind::ReadPapers(_) => {
                assert_eq!(self.status(), Some(&Status::Created));
                Event::PapersRead
            }
            CallKind::Approve(_) => {
                self.approved += 1;
                self.set(Status::EnrollReady);
                Event::Approved
            }
            CallKind::Cancel(_) => {
                self.cancelled += 1;
                self.set(Status::Cancelled);
                Event::Cancelled
            }
            other => panic!("a call that this flow does not make: {other:?}"),
        }
    }
}

fn changes_something(call: &CallKind) -> bool {
    !matches!(call, CallKind::TakeCard | CallKind::FindByCard(_) | CallKind::Read(_) | CallKind::ReadPapers(_) | CallKind::ListDocuments(_))
}

/// Runs to a goal; the run may end anywhere, and then goes on from the last state that was kept. The user and the operator act
/// while it waits.
fn reach(goal: Goal, flow: &Flow, service: &mut Service, kept: &mut String, rng: &mut Rng) {
    for _ in 0..500 {
        let mut machine = Machine::from_json(kept).expect("the state is read");
        machine.bring(Inputs::new(Some("update".into()), wanted()));
        let mut persisted = false;
        let mut action = machine.advance(Event::Begin(goal)).expect("the goal fits");
        for _ in 0..100 {
            if rng.u8(..14) == 0 {
                break;
            }
            let event = match action {
                Action::Done => {
                    *kept = machine.to_json();
                    return;
                }
                Action::Persist => {
                    *kept = machine.to_json();
                    persisted = true;
                    Event::Persisted
                }
                Action::Wait => {
                    if rng.bool() {
                        match service.status() {
                            Some(Status::VideoPending) => service.set(Status::VideoReview),
                            Some(Status::VideoReview) => service.set(Status::Created),
                            other => panic!("the flow waits in {other:?}"),
                        }
                    }
                    Event::Waited
                }
                Action::Call(call) => {
                    assert!(persisted || !changes_something(&call), "{call:?} without its intent kept");
                    persisted = false;
                    // The call may be lost on its way, or its answer.
                    if rng.u8(..10) == 0 {
                        break;
                    }
                    let event = service.call(call, flow);
                    if rng.u8(..8) == 0 {
                        break;
                    }
                    event
                }
                other => panic!("an action that the test does not know: {other:?}"),
            };
            action = machine.advance(event).expect("the service does nothing unheard of");
        }
    }
    panic!("the goal {goal:?} was not reached");
}

fn contents(service: &Service) -> Vec<&str> {
    let mut contents: Vec<&str> = service.documents.values().map(|(_, content)| content.as_str()).collect();
    contents.sort_unstable();
    contents
}

const ALL: [&str; 3] = ["content of extra one", "content of extra two", "content of front"];

#[test]
fn an_eidas_request_comes_through_whatever_is_lost() {
    let flow = Flow::EidasVideoId;
    for seed in 0..2000 {
        let mut rng = Rng::with_seed(seed);
        let mut service = Service { shows_content: rng.bool(), shows_update: rng.bool(), ..Service::default() };
        let mut kept = Machine::of(flow.clone()).to_json();
        for goal in [Goal::Started, Goal::UserDone, Goal::OperatorDone] {
            reach(goal, &flow, &mut service, &mut kept, &mut rng);
        }
        assert_eq!(service.status(), Some(&Status::Created), "seed {seed}");
        // Somebody else's paper, with a kind that one of ours has too.
        let foreign = rng.bool();
        if foreign {
            service.documents.insert(50, ("extra_document".into(), "of somebody else".into()));
        }
        reach(Goal::Completed, &flow, &mut service, &mut kept, &mut rng);
        let mut expected = ALL.to_vec();
        if foreign {
            expected.push("of somebody else");
        }
        assert_eq!(contents(&service), expected, "seed {seed}");
        assert!(service.updates >= 1 && (!service.shows_update || service.updates == 1), "seed {seed}: {} updates", service.updates);
        // Once more: nothing is left to do.
        let before = service.updates;
        reach(Goal::Completed, &flow, &mut service, &mut kept, &mut rng);
        assert_eq!((contents(&service), service.updates), (expected, before), "seed {seed}");
        if rng.bool() {
            reach(Goal::Papers, &flow, &mut service, &mut kept, &mut rng);
        }
        reach(Goal::Approved, &flow, &mut service, &mut kept, &mut rng);
        assert_eq!((service.created, service.approved), (1, 1), "seed {seed}");
    }
}

#[test]
fn a_classic_request_comes_through_whatever_is_lost() {
    let flow = Flow::Classic;
    for seed in 0..2000 {
        let mut rng = Rng::with_seed(seed);
        let mut service = Service { shows_content: rng.bool(), ..Service::default() };
        let mut kept = Machine::of(flow.clone()).to_json();
        reach(Goal::Submitted, &flow, &mut service, &mut kept, &mut rng);
        assert_eq!((contents(&service), service.updates), (ALL.to_vec(), 0), "seed {seed}");
        if rng.u8(..4) == 0 {
            reach_cancelled(&flow, &mut service, &mut kept, &mut rng);
            assert_eq!((service.cancelled, service.created), (1, 1), "seed {seed}");
            reach(Goal::Submitted, &flow, &mut service, &mut kept, &mut rng);
            assert_eq!((contents(&service), service.created), (ALL.to_vec(), 2), "seed {seed}");
        }
        reach(Goal::Papers, &flow, &mut service, &mut kept, &mut rng);
        reach(Goal::Approved, &flow, &mut service, &mut kept, &mut rng);
        assert_eq!(service.approved, 1, "seed {seed}");
    }
}

/// As [`reach`]: but a run that ended after the request was forgotten must not begin again.
fn reach_cancelled(flow: &Flow, service: &mut Service, kept: &mut String, rng: &mut Rng) {
    let has_request = |kept: &str| Machine::from_json(kept).expect("a state").request_pk().is_some();
    while has_request(kept) {
        let mut machine = Machine::from_json(kept).expect("the state is read");
        let mut action = machine.advance(Event::Begin(Goal::Cancelled)).expect("there is a request");
        while rng.u8(..6) != 0 {
            let event = match action {
                Action::Done => {
                    assert_eq!(machine.left(), Some((RequestPk(1), &Status::Cancelled)));
                    return;
                }
                Action::Persist => {
                    *kept = machine.to_json();
                    Event::Persisted
                }
                Action::Call(call) => service.call(call, flow),
                other => panic!("{other:?}"),
            };
            action = machine.advance(event).expect("it can be cancelled");
        }
    }
}

#[test]
fn the_state_of_each_flow_says_nothing_but_ids_words_and_digests() {
    let mut rng = Rng::with_seed(7);
    let flow = Flow::EidasVideoId;
    let mut service = Service::default();
    let mut kept = Machine::of(flow.clone()).to_json();
    for goal in [Goal::Started, Goal::UserDone, Goal::OperatorDone, Goal::Completed] {
        reach(goal, &flow, &mut service, &mut kept, &mut rng);
    }
    let state: serde_json::Value = serde_json::from_str(&kept).expect("JSON");
    let known = [
        "approved",
        "cards_lost",
        "create_again",
        "document_pending",
        "documents",
        "documents_before",
        "evidence_outdated",
        "evidence_sha256",
        "evidence_uploaded",
        "flow",
        "format",
        "goal",
        "intent",
        "papers_read",
        "request_pk",
        "scratchcard",
        "status",
        "stuck",
        "update_sha256",
        "validated",
        "video_identifier",
        "video_sha256",
        "video_uploaded",
        "videoid_pk",
        "videoid_status",
    ];
    for key in state.as_object().expect("an object").keys() {
        assert!(known.contains(&key.as_str()), "{key} is new in the state: is it personal?");
    }
    assert!(!kept.contains("example.com"), "the user's link opens a door");
}

/// A machine at a request in a status, and what it says to a goal.
fn at(flow: &Flow, status: Status, refused: bool, goal: Goal) -> Result<Action, ErrorCode> {
    let mut state: serde_json::Value = serde_json::from_str(&Machine::of(flow.clone()).to_json()).expect("JSON");
    state["request_pk"] = 1.into();
    let mut machine = Machine::from_json(&state.to_string()).expect("a state");
    let service = Service { request: Some(("1".into(), status)), refused, ..Service::default() };
    machine.advance(Event::Begin(goal)).map_err(|e| e.code())?;
    machine.advance(Event::Request(service.seen())).map_err(|e| e.code())
}

#[test]
fn the_eidas_flow_waits_for_others_and_never_validates() {
    let flow = Flow::EidasVideoId;
    let wrong = Err(ErrorCode::UnexpectedStatus);
    let (wait, done) = (Ok(Action::Wait), Ok(Action::Done));
    for (status, refused, user, operator, approve) in [
        (Status::VideoPending, false, &wait, &wait, &wrong),
        (Status::VideoIncomplete, false, &done, &done, &wrong),
        (Status::VideoError, false, &done, &done, &wrong),
        (Status::VideoReview, false, &done, &wait, &wrong),
        (Status::VideoReview, true, &done, &done, &wrong),
        // What status follows a refusal is not documented: the refusal counts.
        (Status::Created, true, &done, &done, &wrong),
        (Status::EnrollReady, false, &done, &done, &done),
        (Status::Issued, false, &done, &done, &done),
        (Status::Cancelled, false, &wrong, &wrong, &wrong),
        (Status::Other("VIDEOWAITING".into()), false, &wait, &wait, &wrong),
    ] {
        for (goal, expected) in [
            (Goal::UserDone, user),
            (Goal::OperatorDone, operator),
            (Goal::Approved, approve),
            (Goal::Completed, approve),
            (Goal::Papers, approve),
        ] {
            assert_eq!(&at(&flow, status.clone(), refused, goal), expected, "{status} {refused} {goal:?}");
        }
    }
    for goal in [Goal::Validated, Goal::Approved] {
        assert_eq!(at(&Flow::ExternalVideoId, Status::Created, true, goal), wrong, "{goal:?}");
    }
    assert_eq!(at(&flow, Status::VideoReview, false, Goal::Validated), Err(ErrorCode::WorkflowStep));
    assert_eq!(at(&flow, Status::VideoPending, false, Goal::Started), Ok(Action::Done));
    assert_eq!(at(&flow, Status::Cancelled, false, Goal::Started), Err(ErrorCode::UnexpectedStatus));
    assert_eq!(at(&flow, Status::Issued, false, Goal::Cancelled), Err(ErrorCode::UnexpectedStatus));
    assert_eq!(Machine::of(flow).advance(Event::Begin(Goal::UserDone)).map_err(|e| e.code()), Err(ErrorCode::WorkflowStep));
}

#[test]
fn a_flow_has_its_own_steps_only() {
    for (flow, goal) in [
        (Flow::ExternalVideoId, Goal::Papers),
        (Flow::ExternalVideoId, Goal::Started),
        (Flow::EidasVideoId, Goal::Review),
        (Flow::EidasVideoId, Goal::Refused),
        (Flow::Classic, Goal::UserDone),
        (Flow::Classic, Goal::Validated),
    ] {
        let said = Machine::of(flow.clone()).advance(Event::Begin(goal)).map_err(|e| e.code());
        assert_eq!(said, Err(ErrorCode::WorkflowStep), "{} {goal:?}", flow.as_str());
    }
    assert_eq!(at(&Flow::Classic, Status::VideoPending, false, Goal::Submitted), Err(ErrorCode::UnexpectedStatus));
}

/// A state of the first version, which knew one flow.
const OLD_STATE: &str = r#"{"format":1,"goal":"review","scratchcard":"1256948","cards_lost":0,"request_pk":45013,"videoid_pk":36,
    "video_identifier":"5f0c","status":"VIDEOINCOMPLETE","videoid_status":"PENDING","evidence_uploaded":true,"video_uploaded":false,
    "validated":false,"papers_read":false,"intent":"upload_video","evidence_sha256":"aa","video_sha256":"bb"}"#;

#[test]
fn a_state_without_a_flow_is_of_external_videoid() {
    let mut machine = Machine::from_json(OLD_STATE).expect("old states are read");
    assert_eq!((machine.flow(), machine.request_pk()), (&Flow::ExternalVideoId, Some(RequestPk(45013))));
    assert_eq!(machine.ways_on(), [WayOn::UploadEvidence, WayOn::UploadVideo, WayOn::UpdateRequest, WayOn::CancelAndNewCard]);
    machine.bind("aa".into(), Some("bb".into())).expect("the same as before");
    let other = machine.bind("aa".into(), Some("cc".into())).map_err(|e| e.code());
    assert_eq!(other, Err(ErrorCode::FieldInvalid));
    assert_eq!(machine.advance(Event::Begin(Goal::Review)).expect("it goes on"), Action::Call(CallKind::Read(RequestPk(45013))));
    let written: serde_json::Value = serde_json::from_str(&machine.to_json()).expect("JSON");
    assert_eq!((&written["flow"], &written["format"]), (&"external_videoid".into(), &1.into()));
    let newer = OLD_STATE.replacen("{\"format\":1", "{\"format\":1,\"flow\":\"teleport\"", 1);
    assert_eq!(Machine::from_json(&newer).map_err(|e| e.code()), Err(ErrorCode::FormatUnsupported));
}

/// An External machine with both pieces up and this status seen twice, as a caller that comes back.
fn external(status: &str, rules: Rules) -> (Machine, Result<Action, ErrorCode>) {
    let mut state: serde_json::Value = serde_json::from_str(OLD_STATE).expect("JSON");
    state["evidence_uploaded"] = true.into();
    state["video_uploaded"] = true.into();
    state["intent"] = serde_json::Value::Null;
    state["status"] = "VIDEOPENDING".into();
    let mut machine = Machine::from_json(&state.to_string()).expect("a state");
    machine.assume(rules);
    let request = serde_json::from_value(serde_json::json!({"pk": 45013, "status": status})).expect("the form of a request");
    machine.advance(Event::Begin(Goal::Review)).expect("it looks");
    let said = machine.advance(Event::Request(Seen::from(&request))).map_err(|e| e.code());
    (machine, said)
}

#[test]
fn after_a_failure_other_evidence_may_be_brought() {
    let again = |machine: &mut Machine| {
        machine.bind("other".into(), Some("video".into())).map_err(|e| e.code())?;
        machine.advance(Event::Begin(Goal::Review)).map_err(|e| e.code())?;
        let request = serde_json::from_value(serde_json::json!({"pk": 45013, "status": machine.status()})).expect("a request");
        machine.advance(Event::Request(Seen::from(&request))).map_err(|e| e.code())?;
        machine.advance(Event::Persisted).map_err(|e| e.code())
    };
    let (mut machine, said) = external("VIDEOERROR", Rules::default());
    assert_eq!(said, Err(ErrorCode::UnexpectedStatus));
    assert_eq!(machine.ways_on()[..2], [WayOn::UploadEvidence, WayOn::UploadVideo]);
    // Also in another process.
    let mut machine = Machine::from_json(&machine.to_json()).map(|m| std::mem::replace(&mut machine, m)).expect("a state");
    assert_eq!(again(&mut machine), Ok(Action::Call(CallKind::UploadEvidence(RequestPk(45013)))));

    let (mut machine, said) = external("VIDEOINCOMPLETE", Rules::default());
    assert_eq!(said, Ok(Action::Wait));
    assert_eq!(again(&mut machine), Err(ErrorCode::FieldInvalid), "it is not stuck yet");
    machine.is_stuck();
    assert_eq!(again(&mut machine), Ok(Action::Call(CallKind::UploadEvidence(RequestPk(45013)))));

    let (mut machine, _) = external("VIDEOREVIEW", Rules::default());
    assert_eq!(again(&mut machine), Err(ErrorCode::FieldInvalid));
}

#[test]
fn a_mixture_of_two_submissions_is_not_validated() {
    let request = |status: &str| {
        let request = serde_json::from_value(serde_json::json!({"pk": 45013, "status": status})).expect("a request");
        Event::Request(Seen::from(&request))
    };
    let (mut machine, _) = external("VIDEOERROR", Rules::default());
    machine.bind("other".into(), Some("other video".into())).expect("others are taken after a failure");
    let mut said = Vec::new();
    // The service kept the old video and goes to review with the new evidence.
    for event in [
        Event::Begin(Goal::Review),
        request("VIDEOERROR"),
        Event::Persisted,
        Event::EvidenceUploaded,
        Event::Persisted,
        request("VIDEOREVIEW"),
        Event::Persisted,
    ] {
        said.push(machine.advance(event).expect("it goes on"));
    }
    assert_eq!(said.last(), Some(&Action::Call(CallKind::UploadVideo("5f0c".into()))));
    // It was not taken, and the run ended there.
    let mut machine = Machine::from_json(&machine.to_json()).expect("a state");
    let mut refused = machine.clone();
    refused.advance(Event::Begin(Goal::Approved)).expect("it looks");
    assert_eq!(refused.advance(request("VIDEOREVIEW")).map_err(|e| e.code()), Err(ErrorCode::UnexpectedStatus));
    machine.advance(Event::Begin(Goal::Review)).expect("it looks");
    machine.advance(request("VIDEOREVIEW")).expect("it uploads");
    machine.advance(Event::Persisted).expect("it uploads");
    machine.advance(Event::VideoUploaded).expect("it is taken");
    machine.advance(Event::Persisted).expect("it looks");
    assert_eq!(machine.advance(request("VIDEOREVIEW")).expect("it is whole"), Action::Done);
    machine.advance(Event::Begin(Goal::Approved)).expect("it looks");
    assert_eq!(machine.advance(request("VIDEOREVIEW")).expect("it can be validated"), Action::Persist);
}

#[test]
fn a_video_that_is_read_once_may_be_another_one() {
    let request = |status: &str| {
        let request = serde_json::from_value(serde_json::json!({"pk": 45013, "status": status})).expect("a request");
        Event::Request(Seen::from(&request))
    };
    let (mut machine, _) = external("VIDEOERROR", Rules::default());
    // The same evidence, and a stream that nobody can compare with the video of before.
    machine.bind("aa".into(), None).expect("others are taken after a failure");
    let mut said = Vec::new();
    for event in [
        Event::Begin(Goal::Review),
        request("VIDEOERROR"),
        Event::Persisted,
        Event::EvidenceUploaded,
        Event::Persisted,
        request("VIDEOREVIEW"),
        Event::Persisted,
    ] {
        said.push(machine.advance(event).expect("it goes on"));
    }
    assert_eq!(said.last(), Some(&Action::Call(CallKind::UploadVideo("5f0c".into()))));
    machine.advance(Event::VideoUploaded).expect("it is taken");
    machine.advance(Event::Persisted).expect("it looks");
    assert_eq!(machine.advance(request("VIDEOREVIEW")).expect("it is whole"), Action::Done);
}

#[test]
fn what_no_document_says_is_a_rule() {
    let failure = Rules::default().incomplete_is_failure(true);
    let (mut machine, said) = external("VIDEOINCOMPLETE", failure);
    assert_eq!(said, Err(ErrorCode::UnexpectedStatus));
    machine.bind("other".into(), None).expect("others are taken after a failure");
    let (mut machine, _) = external("VIDEOINCOMPLETE", failure);
    // Who comes back with the same sends both anew.
    let request = serde_json::from_value(serde_json::json!({"pk": 45013, "status": "VIDEOINCOMPLETE"})).expect("a request");
    machine.advance(Event::Begin(Goal::Review)).expect("it looks");
    assert_eq!(machine.advance(Event::Request(Seen::from(&request))).expect("it uploads"), Action::Persist);
    assert_eq!(machine.advance(Event::Persisted).expect("it uploads"), Action::Call(CallKind::UploadEvidence(RequestPk(45013))));

    let (mut machine, _) = external("VIDEOERROR", Rules::default().video_first(true));
    machine.upload_again();
    machine.advance(Event::Begin(Goal::Review)).expect("it looks");
    let request = serde_json::from_value(serde_json::json!({"pk": 45013, "status": "VIDEOPENDING"})).expect("a request");
    machine.advance(Event::Request(Seen::from(&request))).expect("it uploads");
    assert_eq!(machine.advance(Event::Persisted).expect("it uploads"), Action::Call(CallKind::UploadVideo("5f0c".into())));
}

#[test]
fn papers_that_may_be_read_once_are_read_once() {
    let flow = Flow::Classic;
    for again in [true, false] {
        let mut service = Service::default();
        let mut kept = Machine::of(flow.clone()).to_json();
        let mut calls = Vec::new();
        for goal in [Goal::Submitted, Goal::Papers, Goal::Approved] {
            // Each goal in another process.
            let mut machine = Machine::from_json(&kept).expect("a state");
            machine.assume(Rules::default().papers_again(again));
            let mut action = machine.advance(Event::Begin(goal)).expect("the goal fits");
            while action != Action::Done {
                let event = match action {
                    Action::Persist => {
                        kept = machine.to_json();
                        Event::Persisted
                    }
                    Action::Call(call) => {
                        calls.push(call.clone());
                        service.call(call, &flow)
                    }
                    other => panic!("{other:?}"),
                };
                action = machine.advance(event).expect("nothing unheard of");
            }
        }
        let read = calls.iter().filter(|call| matches!(call, CallKind::ReadPapers(_))).count();
        assert_eq!((read, service.approved), (1 + usize::from(again), 1));
    }
}
