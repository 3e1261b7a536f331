package dev.videoid.example.app

import android.net.Uri
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.CaptureVideo
import androidx.activity.result.contract.ActivityResultContracts.TakePicture
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Button
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import androidx.lifecycle.viewmodel.compose.viewModel

/** A button for each piece, and one that sends them. */
@Composable
fun CaptureScreen(model: CaptureModel = viewModel()) {
    var awaited by rememberSaveable { mutableStateOf<Piece?>(null) }
    val taken = { saved: Boolean -> awaited?.let { if (saved) model.took(it) }; awaited = null }
    val camera = rememberLauncherForActivityResult(TakePicture()) { taken(it) }
    val film = rememberLauncherForActivityResult(CaptureVideo()) { taken(it) }

    Column(Modifier.padding(24.dp), Arrangement.spacedBy(12.dp)) {
        for (piece in Piece.entries) {
            Button(
                onClick = {
                    awaited = piece
                    val place: Uri = model.place(piece)
                    if (piece == Piece.VIDEO) film.launch(place) else camera.launch(place)
                },
            ) { Text(if (piece in model.pieces) "${piece.title} ✓" else piece.title) }
        }
        Button(onClick = model::send, enabled = model.isComplete && !model.isBusy) { Text("Send") }
        Text(model.message)
    }
}
